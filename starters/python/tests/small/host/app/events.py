"""What integrations may listen to."""

start = 'start'
stop = 'stop'
