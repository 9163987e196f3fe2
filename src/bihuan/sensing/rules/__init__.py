"""Pure rules of sensing: the register, key periods, people flows."""
