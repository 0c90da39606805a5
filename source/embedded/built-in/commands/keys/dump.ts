import {ok, type Reply} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {BadFormat} from '../../dump/byte-reader.js';
import {isIntact, payloadOf, valueIn} from '../../dump/payload.js';
import type {Value} from '../../store/entry.js';
import {numberOf, Options} from '../arguments.js';
import type {Args, Definition} from '../command.js';
import {CommandError, syntaxError} from '../command-error.js';
import {oneKey} from '../key-places.js';

type RestoreOptions = {replace: boolean; isAbsolute: boolean; idleSeconds: number | undefined};

const maxFrequency = 255;

function optionsOf(args: Args): RestoreOptions {
	const found: RestoreOptions = {replace: false, isAbsolute: false, idleSeconds: undefined};
	let hasFrequency = false;
	const options = new Options(args, 4);
	for (let option = options.next(); option !== undefined; option = options.next()) {
		if (option === 'REPLACE') found.replace = true;
		else if (option === 'ABSTTL') found.isAbsolute = true;
		else if (option === 'IDLETIME' && options.left > 0 && !hasFrequency) {
			found.idleSeconds = numberOf(options.value());
			if (found.idleSeconds < 0) throw new CommandError('ERR Invalid IDLETIME value, must be >= 0');
		} else if (option === 'FREQ' && options.left > 0 && found.idleSeconds === undefined) {
			const frequency = numberOf(options.value());
			if (frequency < 0 || frequency > maxFrequency) {
				throw new CommandError('ERR Invalid FREQ value, must be >= 0 and <= 255');
			}
			hasFrequency = true;
		} else throw syntaxError;
	}
	return found;
}

function checkedValue(payload: string): Value {
	if (!isIntact(payload)) throw new CommandError('ERR DUMP payload version or checksum are wrong');
	try {
		return valueIn(payload);
	} catch (error) {
		if (error instanceof BadFormat) throw new CommandError('ERR Bad data format');
		throw error;
	}
}

function restore({db, server}: Client, args: Args): Reply {
	const [, key, , payload] = args;
	const {replace, isAbsolute, idleSeconds} = optionsOf(args);
	if (!replace && db.write(key)) throw new CommandError('BUSYKEY Target key name already exists.');
	const ttl = numberOf(args[2]);
	if (ttl < 0) throw new CommandError('ERR Invalid TTL value, must be >= 0');
	const value = checkedValue(payload);
	const wasThere = replace && db.lookup(key) !== undefined && db.remove(key);
	const expireAt = ttl === 0 || isAbsolute ? ttl : server.now + ttl;
	const isOver = expireAt !== 0 && expireAt <= server.now;
	if (!isOver) {
		const entry = db.add(key, value);
		db.setExpiry(entry, expireAt);
		if (idleSeconds !== undefined) entry.usedAt = server.now - idleSeconds * 1000;
	}
	if (!isOver || wasThere) db.changed(key);
	return ok;
}

function dump({db}: Client, args: Args): Reply {
	const entry = db.read(args[1]);
	return entry ? payloadOf(entry.value) : null;
}

export const dumpCommands: readonly Definition[] = [
	{name: 'dump', arity: 2, flags: 'readonly', categories: 'keyspace', keys: oneKey, access: 'RO access', run: dump},
	{
		name: 'restore',
		arity: -4,
		flags: 'write denyoom',
		categories: 'keyspace dangerous',
		keys: oneKey,
		access: 'OW update',
		run: restore,
	},
];
