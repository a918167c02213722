"""A fair comparison of RNN and LSTM: every start at every learning rate, and six ways to be fair."""
