"""What is known of events, cases, contacts and orders, by place and duty."""
