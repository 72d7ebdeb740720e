"""What happens day by day: scenarios, incidents, the record of past events."""
