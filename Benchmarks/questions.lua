-- For wrk: asks for the paths in a file, one a line, one after the other; then says how many answers came, and how many
-- of them were not 200 or did not come.
local questions = {}
local place = 0

function init(arguments)
   for path in io.lines(arguments[1]) do questions[#questions + 1] = wrk.format("GET", path) end
end

function request()
   place = place % #questions + 1
   return questions[place]
end

function done(summary)
   local errors = summary.errors
   local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
   io.write(string.format("answers %d %d\n", summary.requests, failed))
end
