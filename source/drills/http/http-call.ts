import {type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage} from 'node:http';
import {Agent as HttpsAgent, request as httpsRequest} from 'node:https';
import {oneLine} from '../../pool/one-line.js';

/** Most sockets to one server. Further calls wait, as in an application with a connection pool. */
const maxSockets = 256;

/** Most bytes of a body that are read. */
const maxBytes = 1_000_000;

export type HttpCall = {
	readonly url: string;
	readonly method: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string;
};

export type HttpReply = {
	readonly status: number;
	readonly body: string;
	/** Where a redirect leads. Redirects are not followed. */
	readonly location: string | undefined;
};

/** Makes calls over connections that are kept open between them. */
export class HttpCaller {
	readonly #agents = {
		'http:': new HttpAgent({keepAlive: true, maxSockets}),
		'https:': new HttpsAgent({keepAlive: true, maxSockets}),
	};
	readonly #requests = new Set<ClientRequest>();
	#isClosed = false;

	/**
	 * Resolves with the reply once its body has ended.
	 *
	 * @throws {Error} There was no reply in `timeoutMs`, its body did not end by then, or is larger than a megabyte.
	 */
	call({url, method, headers = {}, body}: HttpCall, timeoutMs: number): Promise<HttpReply> {
		if (this.#isClosed) return Promise.reject(brokenOff());
		const {protocol} = new URL(url);
		const isSecure = protocol === 'https:';
		const send = isSecure ? httpsRequest : httpRequest;
		return new Promise((resolve, reject) => {
			const length = body === undefined ? {} : {'content-length': String(Buffer.byteLength(body))};
			const request = send(url, {
				method,
				headers: {...headers, ...length},
				agent: isSecure ? this.#agents['https:'] : this.#agents['http:'],
			});
			this.#requests.add(request);
			const fail = (error: Error) => {
				clearTimeout(timer);
				reject(error);
				request.destroy();
			};
			let lateWords = 'no reply';
			const timer = setTimeout(() => fail(new Error(`${lateWords} in ${timeoutMs} ms`)), timeoutMs);
			request.on('error', (error) => fail(reasonOf(error)));
			request.on('close', () => this.#requests.delete(request));
			request.on('response', (response) => {
				lateWords = 'its reply did not end';
				readBody(response, fail, (text) => {
					clearTimeout(timer);
					resolve({status: response.statusCode ?? 0, body: text, location: response.headers.location});
				});
			});
			request.end(body);
		});
	}

	/** Calls in flight and later ones fail. */
	close(): void {
		this.#isClosed = true;
		for (const request of this.#requests) request.destroy(brokenOff());
		for (const agent of Object.values(this.#agents)) agent.destroy();
	}
}

function brokenOff(): Error {
	return new Error('its reply ended early');
}

/** Calls `onEnd` with the body, or `onFailure` if it is cut off or too large. */
function readBody(response: IncomingMessage, onFailure: (error: Error) => void, onEnd: (text: string) => void): void {
	const chunks: Buffer[] = [];
	let bytes = 0;
	response.on('data', (chunk: Buffer) => {
		bytes += chunk.length;
		if (bytes > maxBytes) onFailure(new Error('its reply is larger than a megabyte'));
		else chunks.push(chunk);
	});
	response.on('error', (error) => onFailure(reasonOf(error)));
	response.on('end', () => onEnd(Buffer.concat(chunks).toString()));
}

const reasons: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'connection refused',
	ECONNRESET: 'connection reset',
	ENOTFOUND: 'no such host',
	EPROTO: 'it does not use TLS: is its URL http://?',
};

function reasonOf(error: Error): Error {
	const {code, errors} = error as NodeJS.ErrnoException & {readonly errors?: readonly Error[]};
	if (code?.startsWith('HPE_')) return new Error('its reply is not HTTP', {cause: error});
	// An error for each of the addresses of a name has no message of its own.
	return new Error(reasons[code ?? ''] ?? oneLine(errors?.[0] ?? error), {cause: error});
}
