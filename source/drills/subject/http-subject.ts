import {HttpCaller, type HttpReply} from '../http/http-call.js';
import type {OpenedSubject} from './subject.js';

/** Milliseconds after which a read is given up. A drill counts it as hung long before. */
const giveUpReadMs = 5000;

/**
 * The same for a change. Longer than drills last, because a change that was given up may still arrive after later ones, and the
 * application would be blamed for the old value.
 */
const giveUpChangeMs = 600_000;

const json = {'content-type': 'application/json'};

/**
 * A subject behind HTTP, in any language: `GET` reads a value (404 is a miss), `PUT` stores the body, `DELETE` deletes.
 */
export class HttpSubject implements OpenedSubject {
	readonly canLoad = false;
	readonly #template: string;
	readonly #caller = new HttpCaller();
	/** The latest change of each key that is being changed. Never rejects. */
	readonly #changes = new Map<string, Promise<void>>();

	/** @param template URL with `{key}` where the name of a key belongs. */
	constructor(template: string) {
		this.#template = template;
	}

	async get(key: string): Promise<unknown> {
		const reply = await this.#send('GET', key);
		if (reply.status === 404) return undefined;
		checkStatus(reply);
		try {
			return JSON.parse(reply.body);
		} catch {
			return 'a body that is not JSON';
		}
	}

	set(key: string, value: unknown): Promise<void> {
		return this.#inTurn(key, async () => checkStatus(await this.#send('PUT', key, JSON.stringify(value))));
	}

	delete(key: string): Promise<void> {
		return this.#inTurn(key, async () => {
			const reply = await this.#send('DELETE', key);
			if (reply.status !== 404) checkStatus(reply);
		});
	}

	async getOrSet(): Promise<never> {
		throw new Error('a subject behind HTTP does not load');
	}

	/** Nothing to do: the drill did not start the process, so its end shows only as failing calls. */
	onEnded(): void {}

	async close(): Promise<undefined> {
		this.#caller.close();
	}

	/**
	 * Changes a key when its earlier changes have settled. Concurrent requests use several connections and may overtake each
	 * other, and the application would be blamed for the older value.
	 */
	#inTurn(key: string, change: () => Promise<void>): Promise<void> {
		const result = (this.#changes.get(key) ?? Promise.resolve()).then(change);
		const settled = result
			.catch(() => undefined)
			.then(() => {
				if (this.#changes.get(key) === settled) this.#changes.delete(key);
			});
		this.#changes.set(key, settled);
		return result;
	}

	#send(method: string, key: string, body?: string): Promise<HttpReply> {
		const url = this.#template.replaceAll('{key}', encodeURIComponent(key));
		const call = {url, method, ...(body === undefined ? {} : {body, headers: json})};
		return this.#caller.call(call, method === 'GET' ? giveUpReadMs : giveUpChangeMs);
	}
}

function checkStatus({status, location}: HttpReply): void {
	if (status >= 200 && status < 300) return;
	const where = location === undefined ? '' : ', and redirects are not followed';
	throw new Error(`it answered ${status}${where}`);
}
