import {buildTable} from './build-table.js';
import type {Command} from './command.js';
import {clientCommands} from './connection/client.js';
import {connectionCommands} from './connection/connection.js';
import {pubSubCommands} from './connection/pub-sub.js';
import {transactionCommands} from './connection/transactions.js';
import {hashCommands} from './hashes/hashes.js';
import {dumpCommands} from './keys/dump.js';
import {expiryCommands} from './keys/expiry.js';
import {introspectionCommands} from './keys/introspection.js';
import {keyCommands} from './keys/keys.js';
import {listMoveCommands} from './lists/list-moves.js';
import {listCommands} from './lists/lists.js';
import {commandCommands} from './server/command-info.js';
import {logCommands} from './server/logs.js';
import {scriptingCommands} from './server/scripting.js';
import {serverCommands} from './server/server.js';
import {setCommands} from './sets/sets.js';
import {sortedAlgebraCommands} from './sorted-sets/sorted-algebra.js';
import {sortedPopCommands} from './sorted-sets/sorted-pops.js';
import {sortedRangeCommands} from './sorted-sets/sorted-range-commands.js';
import {sortedSetCommands} from './sorted-sets/sorted-sets.js';
import {bitCommands} from './strings/bits.js';
import {counterCommands} from './strings/counters.js';
import {stringPartCommands} from './strings/string-parts.js';
import {stringCommands} from './strings/strings.js';

/** All commands of the built-in server by name. A new table for each server, because it also has their counters. */
export function commandTable(): Map<string, Command> {
	return buildTable([
		stringCommands,
		stringPartCommands,
		counterCommands,
		bitCommands,
		keyCommands,
		expiryCommands,
		dumpCommands,
		introspectionCommands,
		hashCommands,
		listCommands,
		listMoveCommands,
		setCommands,
		sortedSetCommands,
		sortedRangeCommands,
		sortedPopCommands,
		sortedAlgebraCommands,
		transactionCommands,
		pubSubCommands,
		scriptingCommands,
		connectionCommands,
		clientCommands,
		serverCommands,
		logCommands,
		commandCommands,
	]);
}
