import {connect} from 'node:net';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {withLargerMemory} from '../../source/bundle/lua-memory.js';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import type {PrivateRedis} from '../../source/embedded/types.js';
import {encodeRequest} from '../../source/resp/encode.js';
import {RawConnection} from '../support/raw-connection.js';
import {until} from '../support/until.js';

const tooDeep = /^-ERR reached lua stack limit script: /;
const noMemory = /^-ERR The script needs more memory than the built-in server gives it \(128 MiB\)\r\n$/;
const nestsTooDeeply = /^-ERR The script nests too deeply for the built-in server\r\n$/;

/** Scripts that the interpreter alone does not survive, and the replies that they get instead. */
const scripts: Readonly<Record<string, readonly [source: string, reply: RegExp]>> = {
	'a table that contains itself': ['local a = {} local b = {a} a[1] = b return a', tooDeep],
	'a table of 100,000 levels': ['local t = {} for i = 1, 100000 do t = {t} end return t', tooDeep],
	'a map of 100 levels': ['redis.setresp(3) local t = 1 for i = 1, 100 do t = {map = {x = t}} end return t', tooDeep],
	'a table that stands for 2^40 values': [
		'local t = {1} for i = 1, 15 do t = {t, t, t, t, t, t, t} end return t',
		/^-ERR the reply is too large for the built-in server script: /,
	],
	'JSON of 990 levels': [
		"local t = ('['):rep(990) .. (']'):rep(990) return #cjson.encode(cjson.decode(t))",
		/^:1980\r\n$/,
	],
	'JSON of as many levels as Lua allows': [
		"cjson.decode_max_depth(1e6) local t = ('['):rep(1e4) return cjson.decode(t)",
		/^-ERR user_script:1: Found too many nested data structures \(7999\)/,
	],
	'180 calls of gsub in one another': [
		"local function f(n) if n == 0 then return 'x' end return (('x'):gsub('.', function() return f(n - 1) end)) end return f(180)",
		/^\$1\r\nx\r\n$/,
	],
	'a pattern of 20,000 letters': ["return ('a'):rep(1e5):find(('a?'):rep(1e4) .. ('a'):rep(1e4))", nestsTooDeeply],
	'MessagePack of 10,000 levels': ["return cmsgpack.unpack(('\\145'):rep(1e4))", /^-ERR user_script:1: stack overflow/],
	'endless recursion': ['local function f() return 1 + f() end return f()', /^-ERR user_script:1: stack overflow/],
	'an argument of 10 MB': [
		"return redis.call('STRLEN', 'k') + #redis.call('ECHO', ('x'):rep(1024):rep(10240))",
		/^:10485760\r\n$/,
	],
	'a string of a terabyte': ["local s = 'x' for i = 1, 40 do s = s .. s end return #s", noMemory],
	'a metatable that raises errors': [
		"return setmetatable({1}, {__index = function() error('x') end})",
		/^\*1\r\n:1\r\n$/,
	],
	'an endless loop that catches its end': [
		'while true do pcall(xpcall, function() coroutine.resume(coroutine.create(function() while true do end end)) end, tostring) end',
		/^-ERR The script was ended after 100000000 steps: /,
	],
};

const sound = [
	'EVAL',
	"return {#ARGV, cjson.encode({1, {a = 2}}), ('%.3f'):format(1/3), redis.call('PING')}",
	'0',
	'x',
];
const soundReply = '*4\r\n:1\r\n$11\r\n[1,{"a":2}]\r\n$5\r\n0.333\r\n+PONG\r\n';

describe('the built-in server survives scripts that', () => {
	let redis: PrivateRedis;
	let wire: RawConnection;

	beforeAll(async () => {
		redis = await startPrivateRedis({prefer: 'built-in'});
		wire = await RawConnection.open(redis);
	});

	afterAll(async () => {
		wire?.close();
		await redis?.close();
	});

	/** The reply to a sound script, which is refused while an interpreter that has failed is being replaced. */
	const replyOnceRestarted = async () => {
		let reply = '';
		await until(async () => {
			reply = (await wire.call(sound)).text;
			return !reply.startsWith('-ERR the Lua interpreter is being restarted');
		}, 'an interpreter');
		return reply;
	};

	for (const [name, [source, reply]] of Object.entries(scripts)) {
		it(`make ${name}, and runs the next one right`, async () => {
			expect((await wire.call(['EVAL', source, '0'])).text).toMatch(reply);
			expect(await replyOnceRestarted()).toBe(soundReply);
		});
	}

	it('return a string of 10 MB', async () => {
		const script = ['EVAL', "return ('x'):rep(1024):rep(10240)", '0'];
		const socket = connect(redis.port, redis.host);
		let bytes = 0;
		socket.on('data', (chunk) => {
			bytes += chunk.length;
		});
		socket.write(encodeRequest(['AUTH', new URL(redis.url).password]) + encodeRequest(script));
		const expected = '+OK\r\n$10485760\r\n\r\n'.length + 10_485_760;
		await until(() => bytes === expected, 'the whole string');
		socket.destroy();
		expect((await wire.call(sound)).text).toBe(soundReply);
	});

	it('end the interpreter twice in a row, until another one is loaded', async () => {
		const fatal = ['EVAL', scripts['a string of a terabyte']?.[0] ?? '', '0'];
		wire.send(encodeRequest(fatal) + encodeRequest(sound) + encodeRequest(fatal) + encodeRequest(sound));
		expect((await wire.nextReply()).text).toMatch(noMemory);
		expect((await wire.nextReply()).text).toBe(soundReply);
		expect((await wire.nextReply()).text).toMatch(noMemory);
		expect((await wire.nextReply()).text).toMatch(/^-ERR the Lua interpreter is being restarted after a failure/);
		await expect.poll(async () => (await wire.call(sound)).text).toBe(soundReply);
	});
});

it('the Lua interpreter gets more memory only if it is the expected one', () => {
	expect(() => withLargerMemory(Buffer.from('no WebAssembly'))).toThrow(
		'lua-redis-wasm has changed: find the size of the memory in its module again',
	);
});
