import CardHost

CardHost.runAndExit()
