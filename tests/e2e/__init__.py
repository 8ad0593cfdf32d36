"""The whole of Safiri as processes, with the outside played on the loopback."""
