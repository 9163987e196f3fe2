"""The situation of an event, its judgements and reports, and the figures everybody may see."""
