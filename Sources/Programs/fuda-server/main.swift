import ServerCommands

ServerRoot.runAndExit()
