"""What puts the book under pressure: planted mistakes, faults, strange bytes, changed digits."""
