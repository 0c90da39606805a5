import type {Reply} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {integerOf} from '../arguments.js';
import type {Args, Definition, Handler} from '../command.js';
import {CommandError} from '../command-error.js';
import {oneKey} from '../key-places.js';
import {type ExpiryUnit, inMilliseconds} from './expiry-time.js';

type Conditions = {nx: boolean; xx: boolean; gt: boolean; lt: boolean};

function conditionsOf(args: readonly string[]): Conditions {
	const found: Conditions = {nx: false, xx: false, gt: false, lt: false};
	for (const word of args.slice(3)) {
		const name = word.toLowerCase();
		if (name !== 'nx' && name !== 'xx' && name !== 'gt' && name !== 'lt') {
			throw new CommandError(`ERR Unsupported option ${word}`);
		}
		found[name] = true;
	}
	if (found.nx && (found.xx || found.gt || found.lt)) {
		throw new CommandError('ERR NX and XX, GT or LT options at the same time are not compatible');
	}
	if (found.gt && found.lt) throw new CommandError('ERR GT and LT options at the same time are not compatible');
	return found;
}

function expire(unit: ExpiryUnit, command: string): Handler {
	return (client, args) => {
		const [, key] = args;
		const {nx, xx, gt, lt} = conditionsOf(args);
		const at = inMilliseconds(integerOf(args[2]), unit, client.server.now, command);
		const entry = client.db.write(key);
		if (!entry) return 0;
		const old = entry.expireAt;
		if (nx && old !== 0) return 0;
		if (xx && old === 0) return 0;
		if (gt && (old === 0 || at <= old)) return 0;
		if (lt && old !== 0 && at >= old) return 0;
		if (at <= client.server.now) client.db.remove(key);
		else client.db.setExpiry(entry, at);
		client.db.changed(key);
		return 1;
	};
}

function timeLeft(unit: ExpiryUnit): Handler {
	return (client, args) => {
		const entry = client.db.peek(args[1]);
		if (!entry) return -2;
		if (entry.expireAt === 0) return -1;
		const ms = unit.absolute ? entry.expireAt : Math.max(0, entry.expireAt - client.server.now);
		return unit.ms === 1 ? ms : Math.floor((ms + 500) / 1000);
	};
}

function persist(client: Client, args: Args): Reply {
	const [, key] = args;
	const entry = client.db.write(key);
	if (!entry || entry.expireAt === 0) return 0;
	client.db.setExpiry(entry, 0);
	client.db.changed(key);
	return 1;
}

const seconds: ExpiryUnit = {ms: 1000, absolute: false};
const milliseconds: ExpiryUnit = {ms: 1, absolute: false};
const secondsAt: ExpiryUnit = {ms: 1000, absolute: true};
const millisecondsAt: ExpiryUnit = {ms: 1, absolute: true};

const changing = {arity: -3, flags: 'write fast', categories: 'keyspace', keys: oneKey, access: 'RW update'} as const;
const reading = {arity: 2, flags: 'readonly fast', categories: 'keyspace', keys: oneKey} as const;

export const expiryCommands: readonly Definition[] = [
	{name: 'expire', ...changing, run: expire(seconds, 'expire')},
	{name: 'pexpire', ...changing, run: expire(milliseconds, 'pexpire')},
	{name: 'expireat', ...changing, run: expire(secondsAt, 'expireat')},
	{name: 'pexpireat', ...changing, run: expire(millisecondsAt, 'pexpireat')},
	{name: 'ttl', ...reading, run: timeLeft(seconds)},
	{name: 'pttl', ...reading, run: timeLeft(milliseconds)},
	{name: 'expiretime', ...reading, run: timeLeft(secondsAt)},
	{name: 'pexpiretime', ...reading, run: timeLeft(millisecondsAt)},
	{name: 'persist', ...changing, arity: 2, run: persist},
];
