import {RedisCacheError} from '../../pool/errors.js';
import {ConsentNeededError} from '../consent/write-consent.js';
import type {WriteKind} from '../consent/write-kind.js';
import {oneLine} from '../one-line.js';
import type {Session} from '../session/session.js';
import {type CommandArguments, type CommandCall, type CommandReply, wordsOf} from '../specs/command-calls.js';
import {type CommandName, specOf} from '../specs/command-specs.js';
import {breaksApplication, refusalBesideApplication} from './application-gate.js';
import {
	type CommandContext,
	CommandError,
	type CommandHandler,
	type CommandHandlers,
	type RequireConsent,
} from './command.js';
import {cacheCommands} from './handlers/cache-commands.js';
import {connectionCommands} from './handlers/connection-commands.js';
import {exportCommands} from './handlers/export-command.js';
import {keyCommands} from './handlers/key-commands.js';
import {keyspaceCommands} from './handlers/keyspace-commands.js';
import {outageCommands} from './handlers/outage-commands.js';
import {poolCommands} from './handlers/pool-commands.js';
import {serverCommands} from './handlers/server-commands.js';
import {valueCommands} from './handlers/value-commands.js';
import {workloadCommands} from './handlers/workload-commands.js';
import {checkWords, namedCommand} from './named-command.js';

const handlers: CommandHandlers = {
	...cacheCommands,
	...serverCommands,
	...connectionCommands,
	...keyCommands,
	...keyspaceCommands,
	...valueCommands,
	...outageCommands,
	...workloadCommands,
	...poolCommands,
	...exportCommands,
};

/** Refuses commands that write in a read-only session, except `redis`: only the server knows if its command writes. */
function checkReadOnly(name: CommandName, kind: WriteKind | false, refusal: string | undefined): void {
	if (refusal === undefined) return;
	if (kind === 'application')
		throw new CommandError(`${name} breaks the connections of the application, and ${refusal}`);
	if (specOf(name).writes) throw new CommandError(`${name} writes to Redis, and ${refusal}`);
}

/** The kind of write of this call: the one in the command's spec, unless it acts on an application behind the tap. */
function writeKindOf(name: CommandName, words: readonly string[], session: Session): WriteKind | false {
	if (breaksApplication(name, words, session)) return 'application';
	const {writes, harmless = []} = specOf(name);
	const [word = ''] = words;
	return !harmless.includes(word.toLowerCase()) && writes;
}

/** Runs a command. Never rejects: an error becomes a reply with one line that says what to do. */
export async function runCommand<Name extends CommandName>(
	context: CommandContext,
	call: CommandCall<Name>,
): Promise<CommandReply<Name>> {
	try {
		const name = namedCommand(call.name) as Name;
		checkWords(name, wordsOf(call));
		const refusal = refusalBesideApplication(name, wordsOf(call), context.options);
		if (refusal !== undefined) throw new CommandError(refusal);
		// Read once: `connect` may replace both while the command runs, which must go on with the Redis of its start.
		const {consent, session} = context;
		const requireConsent: RequireConsent = (kind, what = name) =>
			consent.require(kind, what, session.target, call.consent);
		const kind = writeKindOf(name, wordsOf(call), session);
		checkReadOnly(name, kind, context.refusalOfWrites());
		if (kind !== false) requireConsent(kind);
		const handler: CommandHandler<Name> = handlers[name];
		const {lines, data} = await handler(context, call.args as CommandArguments<Name>, requireConsent);
		return {ok: true, lines, data} as CommandReply<Name>;
	} catch (error) {
		const message = context.session.maskProxyAddress(oneLine(error));
		const question = error instanceof ConsentNeededError ? {question: error.question} : {};
		return {ok: false, code: error instanceof RedisCacheError ? error.code : 'ERR_COMMAND', message, ...question};
	}
}
