import {clearTimeout, setTimeout, unixNow} from '../../time/real-time.js';
import {CredentialsError} from '../errors.js';
import type {Credentials} from '../pool-options.js';
import type {Login} from '../redis-url.js';

/** A connection whose user or password can be changed while it is in use. */
export type Reauthenticable = {
	/** The login that the connection is authenticated with. */
	readonly login: Login | undefined;
	/**
	 * Rejects if Redis refuses the new login; the connection then keeps its old one.
	 *
	 * @param latest Returns the login to use. Called just before AUTH is sent, which may have to wait.
	 */
	authenticate(latest: () => Login): Promise<void>;
};

export type CredentialSourceOptions = {
	/** For error messages. */
	readonly redactedUrl: string;
	readonly ask: () => PromiseLike<Credentials> | Credentials;
	/**
	 * Called if credentials could not be renewed, or a connection could not log in with new ones. Open connections keep their
	 * old login.
	 */
	readonly onFailure: (error: CredentialsError) => void;
};

/** Longest time that the function may take, in milliseconds. */
const maxAskMs = 10_000;
/** Credentials are renewed when a fifth of their lifetime is left, at most five minutes before they expire. */
const renewShare = 0.2;
const maxLeadMs = 300_000;
const retryMs = {min: 100, max: 10_000};
const longestTimerMs = 2 ** 31 - 1;

/**
 * Credentials from a function. It is called for each new connection, and before credentials expire; open connections then log
 * in with the new ones.
 */
export class CredentialSource {
	readonly #options: CredentialSourceOptions;
	readonly #connections = new Set<Reauthenticable>();
	/** Connections that are logging in, or wait until they may. */
	readonly #loggingIn = new WeakSet<Reauthenticable>();
	#latest: Login | undefined;
	#asking: Promise<Login> | undefined;
	#expiresAt = Number.POSITIVE_INFINITY;
	#timer: NodeJS.Timeout | undefined;
	#isClosed = false;

	constructor(options: CredentialSourceOptions) {
		this.#options = options;
	}

	/**
	 * Calls the function; callers that come while it runs share its result. @throws {CredentialsError} it fails or returns no
	 * credentials.
	 */
	get(): Promise<Login> {
		this.#asking ??= this.#ask().finally(() => {
			this.#asking = undefined;
		});
		return this.#asking;
	}

	/** Logs this open connection in whenever there are new credentials. @returns A function that stops that. */
	follow(connection: Reauthenticable): () => void {
		this.#connections.add(connection);
		// The credentials may have changed during the handshake.
		void this.#update(connection);
		return () => this.#connections.delete(connection);
	}

	close(): void {
		this.#isClosed = true;
		clearTimeout(this.#timer);
		this.#connections.clear();
	}

	async #ask(): Promise<Login> {
		const {username, password, expiresAt} = await this.#call();
		const latest = this.#latest;
		const login = latest?.username === username && latest?.password === password ? latest : {username, password};
		this.#latest = login;
		this.#expiresAt = expiresAt === undefined ? Number.POSITIVE_INFINITY : Number(expiresAt);
		const left = this.#expiresAt - unixNow();
		this.#renewIn(Math.max(retryMs.min, left - Math.min(left * renewShare, maxLeadMs)));
		for (const connection of this.#connections) void this.#update(connection);
		return login;
	}

	async #call(): Promise<Credentials> {
		let timer: NodeJS.Timeout | undefined;
		const tooLong = new Promise<never>((_resolve, reject) => {
			timer = setTimeout(() => reject(this.#error(`did not return within ${maxAskMs} ms`)), maxAskMs).unref();
		});
		try {
			// Async, so that a synchronous exception of the function becomes a rejection.
			const asked = (async () => this.#options.ask())();
			const given: unknown = await Promise.race([asked, tooLong]);
			if (!areCredentials(given))
				throw this.#error('must return {username?: string, password: string, expiresAt?: Date | number}');
			return given;
		} catch (error) {
			if (error instanceof CredentialsError) throw error;
			// Its message may contain a secret.
			throw this.#error(`threw ${error instanceof Error ? error.name : typeof error}`, error);
		} finally {
			clearTimeout(timer);
		}
	}

	#renewIn(ms: number): void {
		clearTimeout(this.#timer);
		if (this.#isClosed || ms === Number.POSITIVE_INFINITY) return;
		this.#timer = setTimeout(() => this.#renew(), Math.min(ms, longestTimerMs)).unref();
	}

	#renew(): void {
		this.get().catch((error: CredentialsError) => {
			this.#options.onFailure(error);
			const left = this.#expiresAt - unixNow();
			this.#renewIn(Math.min(retryMs.max, Math.max(retryMs.min, left / 4)));
		});
	}

	/** Logs a connection in with the latest credentials, and again if there are newer ones by then. Never rejects. */
	async #update(connection: Reauthenticable): Promise<void> {
		if (this.#loggingIn.has(connection)) return;
		this.#loggingIn.add(connection);
		const isFollowed = () => !this.#isClosed && this.#connections.has(connection);
		let tried: Login | undefined;
		for (;;) {
			const latest = this.#latest;
			if (latest === undefined || latest === tried || latest === connection.login || !isFollowed()) break;
			tried = latest;
			try {
				await connection.authenticate(() => {
					tried = this.#latest ?? latest;
					return tried;
				});
			} catch (error) {
				if (isFollowed())
					this.#options.onFailure(
						this.#error('returned credentials that Redis has refused on an open connection', error),
					);
			}
		}
		this.#loggingIn.delete(connection);
	}

	#error(what: string, cause?: unknown): CredentialsError {
		return new CredentialsError(`The function pool.credentials, for ${this.#options.redactedUrl}, ${what}`, {cause});
	}
}

function areCredentials(given: unknown): given is Credentials {
	if (typeof given !== 'object' || given === null) return false;
	const {username, password, expiresAt} = given as Record<string, unknown>;
	return (
		typeof password === 'string' &&
		(username === undefined || typeof username === 'string') &&
		(expiresAt === undefined || Number.isFinite(Number(expiresAt)))
	);
}
