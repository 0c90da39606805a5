import {type LuaEngine, load, type ReplyValue} from 'lua-redis-wasm';
import {redisVersion} from '../identity.js';

/** Steps of a script after which it is ended, about half a second: an endless script would block the server forever. */
export const maxSteps = 100_000_000;

type LuaHost = {
	call(args: readonly string[]): ReplyValue;
	setResp(resp: 2 | 3): void;
};

/** The Lua 5.1 of Redis. Loading it is asynchronous, running a script is not. */
export class Lua {
	/** Undefined until it is loaded, which takes some tens of milliseconds. */
	#engine: LuaEngine | undefined;
	/** Replaces an engine that has failed, so that the next script need not wait. */
	#spare: LuaEngine | undefined;

	private constructor(
		engine: LuaEngine,
		readonly host: LuaHost,
	) {
		this.#engine = engine;
		this.#loadSpare();
	}

	static async load(host: LuaHost): Promise<Lua> {
		return new Lua(await loadEngine(host), host);
	}

	/** Compiles a script. Returns the error, or null if there is none. */
	check(source: string): string | null {
		const checker = "local f, e = loadstring(ARGV[1], '@user_script') if f then return false end return e";
		const found = this.run(checker, [], [source]);
		return Buffer.isBuffer(found) ? found.toString('latin1') : null;
	}

	run(source: string, keys: readonly string[], args: readonly string[]): ReplyValue {
		const engine = this.#engine;
		if (!engine) return failure('the Lua interpreter is being restarted after a failure: try again');
		try {
			return engine.evalWithArgs(Buffer.from(source, 'latin1'), keys.map(bytes), args.map(bytes));
		} catch (error) {
			// The engine stopped in an undefined state, so it cannot be used any more.
			this.#engine = this.#spare;
			this.#spare = undefined;
			this.#loadSpare();
			return failure(reasonOf(error));
		}
	}

	#loadSpare(): void {
		void loadEngine(this.host).then((engine) => {
			if (this.#engine) this.#spare = engine;
			else {
				this.#engine = engine;
				this.#loadSpare();
			}
		});
	}
}

function failure(text: string): ReplyValue {
	return {err: Buffer.from(text), code: Buffer.from('ERR')};
}

/** Describes why the interpreter failed, based on the error of the WebAssembly runtime. */
function reasonOf(error: unknown): string {
	const text = error instanceof Error ? error.message : String(error);
	if (text.includes('OOM')) return 'The script needs more memory than the built-in server gives it (128 MiB)';
	if (error instanceof RangeError) return 'The script nests too deeply for the built-in server';
	return `The Lua interpreter failed: ${text.replaceAll(/\s+/g, ' ')}`;
}

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

async function loadEngine(host: LuaHost): Promise<LuaEngine> {
	const call = (args: Buffer[]) => host.call(args.map((arg) => arg.toString('latin1')));
	const engine = await load({
		profile: 'redis-7.0',
		limits: {maxFuel: maxSteps},
		redisProps: {
			REDIS_VERSION: {value: redisVersion},
			REDIS_VERSION_NUM: {value: versionNumber(redisVersion)},
			REPL_NONE: {value: 0},
			REPL_AOF: {value: 1},
			REPL_SLAVE: {value: 2},
			REPL_REPLICA: {value: 2},
			REPL_ALL: {value: 3},
			replicate_commands: {returns: true},
			set_repl: {returns: null},
			breakpoint: {returns: false},
			debug: {returns: null},
		},
	});
	return engine.create({
		redisCall: call,
		redisPcall: call,
		log: () => {},
		onSetResp: (resp) => host.setResp(resp),
	});
}

function versionNumber(version: string): number {
	const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
	return major * 65_536 + minor * 256 + patch;
}
