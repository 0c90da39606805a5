import {closestMatch} from 'leven';
import {RedisCacheError} from '../pool/errors.js';
import type {CommandSpec} from './command-spec.js';
import {commandSpecs, findCommand, wordsProblem} from './command-specs.js';
import {cacheCommands} from './commands/cache-commands.js';
import {type CommandContext, CommandError, type CommandHandlers} from './commands/command.js';
import {exportCommands} from './commands/export-command.js';
import {keyCommands} from './commands/key-commands.js';
import {outageCommands} from './commands/outage-commands.js';
import {poolCommands} from './commands/pool-commands.js';
import {serverCommands} from './commands/server-commands.js';
import {workloadCommands} from './commands/workload-commands.js';
import {oneLine} from './one-line.js';
import type {CommandCall, CommandReply} from './protocol.js';

const handlers: CommandHandlers = {
	...cacheCommands,
	...serverCommands,
	...keyCommands,
	...outageCommands,
	...workloadCommands,
	...poolCommands,
	...exportCommands,
};

function specOf(name: string): CommandSpec {
	const spec = findCommand(name);
	if (spec) return spec;
	const meant = closestMatch(
		name,
		commandSpecs.map((known) => known.name),
		{maxDistance: 2},
	);
	throw new CommandError(
		`unknown command ${JSON.stringify(name)}${meant ? `; did you mean ${meant}?` : '; ? lists them all'}`,
	);
}

function checkArguments(spec: CommandSpec, args: readonly string[]): void {
	const problem = wordsProblem(spec, args.length);
	if (problem !== undefined) throw new CommandError(problem);
}

/** The one gate of --read-only, but for `redis`, whose commands only the server can judge. */
function checkReadOnly(spec: CommandSpec, readOnly: boolean): void {
	if (readOnly && spec.writes)
		throw new CommandError(`${spec.name} writes to Redis, and this program was started with --read-only`);
}

/** Carries out a command. Never rejects: whatever goes wrong is a reply with one line that says what to do. */
export async function runCommand(context: CommandContext, call: CommandCall): Promise<CommandReply> {
	try {
		const spec = specOf(call.name);
		checkArguments(spec, call.args);
		checkReadOnly(spec, context.options.readOnly);
		const handler = handlers[spec.name];
		if (spec.where === 'screen' || !handler) throw new CommandError(`${spec.name} works only on the screen`);
		return {ok: true, ...(await handler(context, call.args))};
	} catch (error) {
		const message = context.session.maskProxyAddress(oneLine(error));
		return {ok: false, code: error instanceof RedisCacheError ? error.code : 'ERR_COMMAND', message};
	}
}
