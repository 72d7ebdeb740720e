"""What lies beside the network: functions and ties, container corridors, accounting layers, trade."""
