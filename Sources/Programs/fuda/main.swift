import FudaCommands

Dispatcher.run(Array(CommandLine.arguments.dropFirst()))
