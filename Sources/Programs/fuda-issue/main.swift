import IssueCommands

IssueCommands.runAndExit()
