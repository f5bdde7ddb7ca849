package main

func logs(args []string) (exitCode int) { return 0 }
