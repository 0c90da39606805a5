import {bitCommands} from './bits.js';
import {buildTable} from './build-table.js';
import {clientCommands} from './client.js';
import type {Command} from './command.js';
import {commandCommands} from './command-info.js';
import {connectionCommands} from './connection.js';
import {counterCommands} from './counters.js';
import {expiryCommands} from './expiry.js';
import {hashCommands} from './hashes.js';
import {introspectionCommands} from './introspection.js';
import {keyCommands} from './keys.js';
import {listMoveCommands} from './list-moves.js';
import {listCommands} from './lists.js';
import {logCommands} from './logs.js';
import {pubSubCommands} from './pub-sub.js';
import {scriptingCommands} from './scripting.js';
import {serverCommands} from './server.js';
import {setCommands} from './sets.js';
import {sortedAlgebraCommands} from './sorted-algebra.js';
import {sortedPopCommands} from './sorted-pops.js';
import {sortedRangeCommands} from './sorted-range-commands.js';
import {sortedSetCommands} from './sorted-sets.js';
import {stringPartCommands} from './string-parts.js';
import {stringCommands} from './strings.js';
import {transactionCommands} from './transactions.js';

/** All commands of the built-in server, by name. A new table each time: it also holds their counters. */
export function commandTable(): Map<string, Command> {
	return buildTable([
		stringCommands,
		stringPartCommands,
		counterCommands,
		bitCommands,
		keyCommands,
		expiryCommands,
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
