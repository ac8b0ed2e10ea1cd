import AuthorityCommands
import IssueCommands

if CommandLine.arguments.dropFirst().first == AuthorityRoot.word { AuthorityRoot.runAndExit() }
IssueCommands.runAndExit()
