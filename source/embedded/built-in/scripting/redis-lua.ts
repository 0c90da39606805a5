/** Depth of nested tables that the library can convert to a reply: it does not check for an overflow of the Lua stack. */
const maxLevels = 16;
/** Most tables and values in a reply. Tables that contain the same table several times can expand exponentially. */
const maxParts = 1_000_000;

/**
 * Copies the table that a script returns into one that the library can encode: only the parts that Redis reads, without
 * metatables, and with a limited depth. A table that contains itself would have infinite depth.
 */
const copy = `
local value, resp = ...
local type, next, rawget, parts = type, next, rawget, 0
local function copy(value, level)
	local kind = type(value)
	if kind == 'string' or kind == 'number' or kind == 'boolean' then return value end
	if kind ~= 'table' then return false end
	if level > ${maxLevels} then error('reached lua stack limit', 0) end
	local field = rawget(value, 'err')
	if type(field) == 'string' then return {err = field} end
	field = rawget(value, 'ok')
	if type(field) == 'string' then return {ok = field} end
	if resp == 3 then
		if type(rawget(value, 'double')) == 'number' then return {double = rawget(value, 'double')} end
		if type(rawget(value, 'big_number')) == 'string' then return {big_number = rawget(value, 'big_number')} end
		field = rawget(value, 'verbatim_string')
		if type(field) == 'table' then
			return {verbatim_string = {format = rawget(field, 'format'), string = rawget(field, 'string')}}
		end
		for _, name in next, {'map', 'set'} do
			field = rawget(value, name)
			if type(field) == 'table' then
				local items = {}
				for key, item in next, field do
					parts = parts + 1
					if parts > ${maxParts} then error('the reply is too large for the built-in server', 0) end
					items[copy(key, level + 1)] = copy(item, level + 1)
				end
				return {[name] = items}
			end
		end
	end
	local items, place = {}, 1
	local item = rawget(value, 1)
	while item ~= nil do
		parts = parts + 1
		if parts > ${maxParts} then error('the reply is too large for the built-in server', 0) end
		items[place] = copy(item, level + 1)
		place = place + 1
		item = rawget(value, place)
	end
	return items
end
if type(value) ~= 'table' then return nil end
return copy(value, 1)`;

/** Joins a text to one line, so that the line numbers of the script do not change. */
const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, ' ');

/**
 * Returns the value of a script. Most values are flat, and need no copy; compiling the copy function takes twice as long as a
 * short script.
 */
const returnValue = (resp: string): string => `
	local kind = type(value)
	local flat = kind == 'nil' or kind == 'string' or kind == 'number' or kind == 'boolean'
	if kind == 'table' and getmetatable(value) == nil then
		flat = ${resp} == 2
		for place = 1, flat and #value or 0 do
			local kind = type(value[place])
			if kind ~= 'string' and kind ~= 'number' and kind ~= 'boolean' then flat = false break end
		end
	end
	if flat then return value end
	return loadstring([[${oneLine(copy)}]])(value, ${resp})`;

const wrongReply = 'ERR wrong number or type of arguments';

/** The error that ends a script that takes too long. A script cannot catch it. */
export const outOfSteps = 'killed by fuel limit';

/**
 * The *frame*: Lua code around a script that makes it behave as in Redis where the Lua library alone does not:
 *
 * - numbers passed to a command keep all their digits (`%.17g`)
 * - an error says where `redis.call` or `error` was called, even if the script raises a table `{err = …}`
 * - after `redis.setresp(3)` a null is nil
 * - `redis.error_reply` takes what precedes the first space as the code of the error, whatever it is
 * - a script that took too many steps ends, although it catches errors
 *
 * It is compiled with every run and takes ten times as long as a short script, so most scripts run without it.
 *
 * If a table ends the script, its error is returned as text after a marker: `\1user_script:7: WRONGTYPE …`.
 */
const frame = `
(function(body)
	local redis, pcall, xpcall, coroutine, error, type = redis, pcall, xpcall, coroutine, error, type
	local select, unpack, setmetatable, resp = select, unpack, setmetatable, 2
	local format, find, gsub = string.format, string.find, string.gsub
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
	local function endless(value) return type(value) == 'string' and find(value, '${outOfSteps}', 1, true) end
	local function caught(fine, value, ...)
		if not fine and endless(value) then error(value, 0) end
		if not fine and isError(value) then return false, value.err end
		return fine, value, ...
	end
	local function passed(fine, value, ...)
		if not fine and endless(value) then error(value, 0) end
		return fine, value, ...
	end
	local own = {
		call = function(...)
			local value = run({...}, select('#', ...))
			if isError(value) then raise(value.err) end
			return value
		end,
		pcall = function(...) return run({...}, select('#', ...)) end,
		error_reply = function(...)
			local text = ...
			if select('#', ...) ~= 1 or type(text) ~= 'string' then return {err = '${wrongReply}'} end
			text = gsub(gsub(text, '^-', ''), '%z.*', '')
			return {err = find(text, ' ', 1, true) and text or 'ERR ' .. text}
		end,
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
		end,
		function(body, handler)
			return passed(xpcall(body, function(value) return endless(value) and value or handler(value) end))
		end,
		setmetatable({resume = function(...) return passed(coroutine.resume(...)) end}, {__index = coroutine})
	)
	if fine then ${returnValue('resp')} end
	if isError(value) then error('\\1' .. (value.at or '') .. value.err, 0) end
	error(value, 0)
end)`;

const opening = `return ${oneLine(frame)}(function(redis, pcall, error, xpcall, coroutine, ...) `;
const plainEnd = oneLine(returnValue('2'));

/** The C library of WebAssembly parses a bare `0x` as zero; that of Redis does not accept it as a number. */
const strictToNumber = oneLine(`
local tonumber = (function(tonumber, type, find)
	return function(...)
		local value = ...
		if type(value) == 'string' and find(value, '^%s*[+-]?0[xX]%s*$') then return nil end
		local number = tonumber(...)
		return number
	end
end)(tonumber, type, string.find)
`);

const withToNumber = (body: string): string => (/\btonumber\b/.test(body) ? `${strictToNumber} ${body}` : body);

/** Puts a script into the frame, without changing its line numbers. */
export function framed(body: string): string {
	return `${opening}${withToNumber(body)}\nend)`;
}

/** Wraps a script without the frame. If it returns several values, only the first is used. */
export function plain(body: string): string {
	return `local value = (function(...) ${withToNumber(body)}\nend)(...) ${plainEnd}`;
}

/**
 * True if the text of a script shows that it needs the frame: it may raise a table, catch an error, return an error as its
 * reply, or use RESP3.
 */
export function needsFrame(body: string): boolean {
	return /\b(setresp|error_reply|xpcall|coroutine)\b|(?<!\bredis\s*\.\s*)\bpcall\b|\berror\b(?!\s*\(?\s*['"])/.test(
		body,
	);
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

/** The line of a tail call, which Lua does not report: it is known only if the script has a single one. */
function lineOfTailCall(body: string): number {
	const lines = body.split('\n').flatMap((line, index) => (/\breturn\s+redis\.call\b/.test(line) ? index + 1 : []));
	return lines.length === 1 ? (lines[0] ?? 1) : 1;
}
