import type {ReplyValue} from 'lua-redis-wasm';
import type {Reply} from '../../../resp/reply.js';
import {Client} from '../client/client.js';
import {outOfMemory} from '../commands/command-error.js';
import {call, findCommand, hasArity} from '../execute.js';
import type {Server} from '../server.js';
import {Lua} from './lua.js';
import {toLua} from './lua-values.js';
import {framed, mayHaveLostDigits, plain} from './redis-lua.js';
import {type Script, scriptReply} from './script.js';

type ScriptRequest = {
	readonly script: Script;
	readonly keys: readonly string[];
	readonly args: readonly string[];
	readonly readOnly: boolean;
};

type Run = ScriptRequest & {
	hasWritten: boolean;
	/**
	 * True once the script turned out to need the frame, before it had written anything: it has no further effect, and is run
	 * again.
	 */
	needsRerun: boolean;
};

/** Runs one script at a time. The commands that it calls are executed by a separate client. */
export class ScriptRunner {
	readonly #lua: Lua;
	readonly #client: Client;
	#run: Run | undefined;

	private constructor(
		readonly server: Server,
		lua: Lua,
	) {
		this.#lua = lua;
		this.#client = new Client(server, 0, undefined);
		this.#client.denyBlocking = true;
	}

	/** Loads the interpreter. `server` is called once the runner is first used. */
	static async load(server: () => Server): Promise<() => ScriptRunner> {
		let runner: ScriptRunner | undefined;
		const lua = await Lua.load({
			call: (args) => runner?.call(args) ?? null,
			setResp: (resp) => {
				if (runner) runner.#client.resp = resp;
			},
		});
		return () => {
			runner ??= new ScriptRunner(server(), lua);
			return runner;
		};
	}

	/** Keys declared to the running script. */
	get declaredKeys(): readonly string[] {
		return this.#run?.keys ?? [];
	}

	/** Compiles a script. Returns the error, or null if there is none. */
	check(body: string): string | null {
		return this.#lua.check(body);
	}

	run(caller: Client, request: ScriptRequest): Reply {
		this.server.script = this.#client;
		const first = this.#runOnce(caller, request);
		// The second run has the frame, and always has a reply.
		const reply = first === undefined ? this.#runOnce(caller, request) : first;
		this.server.script = undefined;
		return reply ?? null;
	}

	/** Returns undefined if the script must be run again. */
	#runOnce(caller: Client, request: ScriptRequest): Reply | undefined {
		const {script, keys, args} = request;
		const run: Run = {...request, hasWritten: false, needsRerun: false};
		this.#client.resp = 2;
		this.#client.db = caller.db;
		this.#run = run;
		const value = this.#lua.run(script.framed ? framed(script.body) : plain(script.body), keys, args);
		this.#run = undefined;
		if (!script.framed && !run.hasWritten && abortedByArgument(value)) {
			script.framed = true;
			run.needsRerun = true;
		}
		return run.needsRerun ? undefined : scriptReply(value, script);
	}

	/** Handles `redis.call` and `redis.pcall`. */
	call(args: readonly string[]): ReplyValue {
		const run = this.#run;
		if (!run) return null;
		const {script} = run;
		if (!script.framed && args.some((arg) => mayHaveLostDigits(arg) && !isGiven(arg, run))) {
			script.framed = true;
			run.needsRerun = !run.hasWritten;
		}
		if (run.needsRerun) return {err: Buffer.from('ERR run again')};
		const {server} = this;
		const refused = (text: string): ReplyValue => {
			server.stats.countError(text);
			return {err: Buffer.from(text, 'latin1')};
		};
		if (args.length === 0) return refused('ERR Please specify at least one argument for this redis lib call');
		const command = findCommand(server.commands, args);
		if (!command) return refused('ERR Unknown Redis command called from script');
		if (!hasArity(command, args)) {
			command.stats.rejected++;
			return refused('ERR Wrong number of args calling Redis command from script');
		}
		if (command.flags.has('noscript')) return refused('ERR This Redis command is not allowed from script');
		const writes = command.isWrite || command.fullName === 'publish';
		if (run.readOnly && writes) return refused('ERR Write commands are not allowed from read-only scripts.');
		const denied = command.denyOom && server.outOfMemory && !script.flags.allowOom && !run.hasWritten;
		if (denied) return refused(outOfMemory.reply.text);
		if (command.isWrite) run.hasWritten = true;
		return toLua(call(this.#client, command, args) ?? null, this.#client.resp);
	}
}

/** True if an argument was passed to the script as text. */
function isGiven(text: string, {keys, args, script: {body}}: Run): boolean {
	return keys.includes(text) || args.includes(text) || body.includes(`'${text}'`) || body.includes(`"${text}"`);
}

/** True if the library ended the script because of an argument's type; in Redis, `redis.pcall` would catch this error. */
function abortedByArgument(value: ReplyValue): boolean {
	return typeof value === 'object' && value !== null && 'err' in value && value.meta?.kind === 'command-arg-type';
}
