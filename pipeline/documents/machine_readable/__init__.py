"""What is printed on papers for machines: QR codes, machine-readable zones, our cover sheets."""
