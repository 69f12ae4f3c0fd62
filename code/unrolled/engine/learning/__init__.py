"""What turns a cell into a trained network: readout, loss, optimizer, loop, saved runs."""
