/**
 * Makes a script behave as in Redis where the Lua library alone does not:
 *
 * - numbers passed to a command keep all their digits (`%.17g`)
 * - an error says where `redis.call` or `error` was called, even if the script raises a table `{err = …}`
 * - after `redis.setresp(3)` a null is nil
 *
 * The frame is compiled with every run and takes ten times as long as a short script, so most scripts run without it.
 *
 * If a table ends the script, its error is passed on as text after a marker: `\1user_script:7: WRONGTYPE …`.
 */
const frame = `
(function(body)
	local redis, pcall, error, type, select, unpack, format = redis, pcall, error, type, select, unpack, string.format
	local setmetatable, resp = setmetatable, 2
	local function isError(value) return type(value) == 'table' and type(value.err) == 'string' end
	local function run(args, count)
		for place = 1, count do
			local kind = type(args[place])
			if kind == 'number' then args[place] = format('%.17g', args[place])
			elseif kind ~= 'string' then return {err = 'ERR Lua redis lib command arguments must be strings or integers'} end
		end
		local value = redis.pcall(unpack(args, 1, count))
		if value == false and resp == 3 then return nil end
		return value
	end
	local function raise(text)
		local _, at = pcall(error, '', 4)
		error({err = text, at = at})
	end
	local function caught(fine, value, ...)
		if not fine and isError(value) then return false, value.err end
		return fine, value, ...
	end
	local own = {
		call = function(...)
			local value = run({...}, select('#', ...))
			if isError(value) then raise(value.err) end
			return value
		end,
		pcall = function(...) return run({...}, select('#', ...)) end,
		setresp = function(...)
			local fine, text = pcall(redis.setresp, ...)
			if not fine then raise(text) end
			resp = (...)
		end,
	}
	local fine, value = pcall(
		body,
		setmetatable({}, {
			__index = setmetatable(own, {__index = redis}),
			__newindex = function() error('Attempt to modify a readonly table', 2) end,
		}),
		function(...) return caught(pcall(...)) end,
		function(value, level)
			if isError(value) then raise(value.err) end
			error(value, level == 0 and 0 or (level or 1) + 1)
		end
	)
	if fine then return value end
	if isError(value) then error('\\1' .. (value.at or '') .. value.err, 0) end
	error(value, 0)
end)`;

const opening = `return ${frame.trim().replaceAll(/\s+/g, ' ')}(function(redis, pcall, error, ...) `;

/** Puts a script into the frame. Its lines keep their numbers. */
export function framed(body: string): string {
	return `${opening}${body}\nend)`;
}

/** Wraps a script without the frame. Of several values that it returns only the first counts. */
export function plain(body: string): string {
	return `return ((function(...) ${body}\nend)(...))`;
}

/** True if the text of a script shows that it needs the frame: it may raise a table, or uses RESP3. */
export function needsFrame(body: string): boolean {
	return /\bsetresp\b|\berror\b(?!\s*\(?\s*['"])/.test(body);
}

/** True if an argument of a command may have been a number that has lost digits. */
export function mayHaveLostDigits(argument: string): boolean {
	return argument.length <= 24 && /^-?\d+(\.\d+(e[+-]\d+)?|e[+-]\d+)$/.test(argument);
}

const tableMarker = '\x01';

type ScriptFailure = {readonly text: string; readonly line: number};

/** Parses the error that ended a script, and the line where it was raised. */
export function failureOf(raised: string, body: string): ScriptFailure {
	const bare = raised.startsWith('ERR ') ? raised.slice(4) : raised;
	const wasTable = bare.startsWith(tableMarker);
	const [prefix, at] = /^user_script:(\d+): /.exec(wasTable ? bare.slice(1) : bare) ?? ['', undefined];
	const text = bare.slice(prefix.length + Number(wasTable));
	const line = at === undefined ? lineOfTailCall(body) : Number(at);
	return {text: wasTable ? text : `ERR ${prefix}${text}`, line};
}

/** The line of a tail call, which Lua does not tell: it is known only if the script has a single one. */
function lineOfTailCall(body: string): number {
	const lines = body.split('\n').flatMap((line, index) => (/\breturn\s+redis\.call\b/.test(line) ? index + 1 : []));
	return lines.length === 1 ? (lines[0] ?? 1) : 1;
}
