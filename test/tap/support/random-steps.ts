import fc from 'fast-check';
import {encodeReply} from '../../../source/resp/encode.js';
import type {Reply} from '../../../source/resp/reply.js';
import type {Exchange, Step} from './conversation.js';

const key = fc.constantFrom('user:1', 'user:2', 'a', 'cart:{7}', 'key with\r\n$-1\r\n in it');
const plainKey = fc.constantFrom('user:1', 'b', 'page:7');
const value = fc.oneof(
	fc.string({unit: 'binary-ascii', maxLength: 12}),
	fc.constantFrom('', '\r\n', '+OK\r\n', '$5\r\n', '*2\r\n$3\r\nGET\r\n', 'x'.repeat(3000)),
);

/** Any reply of RESP3 that is no error. */
const {reply} = fc.letrec<{reply: Reply; map: Reply; set: Reply; array: Reply[]; leaf: Reply}>((tie) => ({
	leaf: fc.oneof(
		value,
		fc.integer(),
		fc.constant(null),
		fc.boolean().map((flag): Reply => ({kind: 'boolean', value: flag})),
		fc.double({noNaN: true}).map((double): Reply => ({kind: 'double', value: double})),
		fc.constantFrom<Reply>(
			{kind: 'status', text: 'FINE'},
			{kind: 'verbatim', text: 'some text'},
			{kind: 'big-number', digits: '123456789012345678901234567890'},
		),
	),
	array: fc.array(tie('reply'), {maxLength: 3}),
	map: fc
		.array(fc.tuple(tie('leaf'), tie('reply')), {maxLength: 2})
		.map((pairs): Reply => ({kind: 'map', items: pairs.flat()})),
	set: fc.array(tie('leaf'), {maxLength: 2}).map((items): Reply => ({kind: 'set', items})),
	reply: fc.oneof({maxDepth: 3, withCrossShrink: true}, tie('leaf'), tie('array'), tie('map'), tie('set')),
}));

const resp3 = (one: Reply) => encodeReply(one, 3);
const nulls = fc.constantFrom('_\r\n', '$-1\r\n');
const attribute = fc.constantFrom('', '', '', '|1\r\n+ttl\r\n:3600\r\n');
const error = fc.constantFrom(
	{code: 'WRONGTYPE', text: '-WRONGTYPE Operation against a key\r\n'},
	{code: 'ERR', text: '-ERR no\r\n'},
	{code: 'BUSY', text: '-BUSY Redis is busy\r\n'},
	{code: 'NOSCRIPT', text: '!16\r\nNOSCRIPT no such\r\n'},
	{code: 'ERR', text: '-what is this\r\n'},
);

const get = fc.tuple(key, value, fc.boolean(), nulls, attribute).map(
	([name, text, isThere, none, before]): Exchange => ({
		words: ['get', name],
		reply: before + (isThere ? resp3(text) : none),
		keys: [name],
		missed: isThere ? [] : [name],
		tells: true,
	}),
);
const inlineGet = fc.tuple(plainKey, nulls).map(
	([name, none]): Exchange => ({
		words: ['GET', name],
		isInline: true,
		reply: none,
		keys: [name],
		missed: [name],
		tells: true,
	}),
);
const mget = fc.array(fc.tuple(key, fc.boolean(), value), {minLength: 1, maxLength: 4}).map((items): Exchange => {
	const missed = items.filter(([, isThere]) => !isThere).map(([name]) => name);
	return {
		words: ['MGET', ...items.map(([name]) => name)],
		reply: encodeReply(
			items.map(([, isThere, text]) => (isThere ? text : null)),
			3,
		),
		keys: items.map(([name]) => name),
		missed,
		tells: true,
	};
});
const set = fc
	.tuple(key, value)
	.map(([name, text]): Exchange => ({words: ['SET', name, text, 'EX', '60'], reply: '+OK\r\n', keys: [name]}));
const remove = fc
	.array(key, {minLength: 1, maxLength: 3})
	.map((keys): Exchange => ({words: ['DEL', ...keys], reply: `:${keys.length}\r\n`, keys}));
const hash = fc.tuple(key, fc.boolean()).map(
	([name, isThere]): Exchange => ({
		words: ['HGETALL', name],
		reply: isThere ? '%1\r\n$1\r\nf\r\n$1\r\n1\r\n' : '%0\r\n',
		keys: [name],
		missed: isThere ? [] : [name],
		tells: true,
	}),
);
const script = fc
	.tuple(value, reply, attribute)
	.map(([text, result, before]): Exchange => ({words: ['EVAL', text, '0'], reply: before + resp3(result)}));
const failing = fc
	.tuple(fc.oneof(get, set, mget), error)
	.map(([exchange, {code, text}]): Exchange => ({...exchange, reply: text, error: code}));

export const exchange = fc.oneof(get, get, inlineGet, mget, set, remove, hash, script, failing);

const few = fc.array(exchange, {maxLength: 4});

/** Steps of a client on RESP3. */
export const step: fc.Arbitrary<Step> = fc.oneof(
	{weight: 8, arbitrary: exchange.map((one): Step => ({type: 'command', exchange: one}))},
	fc
		.tuple(few, fc.constantFrom('exec', 'null', 'discard'))
		.map(([exchanges, end]): Step => ({type: 'transaction', exchanges, end})),
	fc.tuple(few, set).map(([before, refused]): Step => ({type: 'refused', before, exchange: refused})),
	fc.tuple(fc.constantFrom('OFF', 'SKIP'), few).map(([mode, exchanges]): Step => ({type: 'silent', mode, exchanges})),
	fc.nat(3).map((db): Step => ({type: 'select', db})),
	fc
		.uniqueArray(fc.constantFrom('news', 'prices', 'c'), {minLength: 1})
		.map((channels): Step => ({type: 'subscription', channels})),
	fc
		.constantFrom(
			'>2\r\n+invalidate\r\n*1\r\n$1\r\na\r\n',
			'>2\r\n$10\r\ninvalidate\r\n_\r\n',
			'>3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$2\r\n\r\n\r\n',
		)
		.map((bytes): Step => ({type: 'push', bytes})),
	fc.constantFrom('\r\n', '*0\r\n', '*-1\r\n').map((bytes): Step => ({type: 'empty', bytes})),
);
