"""What people and programs should never send, sent to every form, every call and every address."""
