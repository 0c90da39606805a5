import {redactUrl} from '../pool/redis-url.js';
import type {FaultProxy, ProxyTarget} from '../proxy/fault-proxy.js';
import type {EventsWriter} from './events-log.js';

/** Turns what is said of the proxy into what is true of the server behind it. */
export type ServerWords = (text: string) => string;

/**
 * Connections know only the proxy's address, which nobody but this program has ever heard of: in errors and reasons it
 * stands for the server's.
 *
 * @param throughProxy the URL that connections have
 * @param shownUrl the server's, without credentials
 */
export function serverWords(
	proxy: FaultProxy,
	address: ProxyTarget,
	throughProxy: string,
	shownUrl: string,
): ServerWords {
	const own = `${proxy.host}:${proxy.port}`;
	const ownUrl = redactUrl(throughProxy);
	const place = 'path' in address ? address.path : `${address.host}:${address.port}`;
	return (text) => (text.includes(own) ? text.replaceAll(ownUrl, shownUrl).replaceAll(own, place) : text);
}

/** A log in which everything is said in the words of one server. */
export function logInWords(log: EventsWriter, words: ServerWords): EventsWriter {
	const reworded = (open: ReturnType<EventsWriter['open']>) => ({
		update: (text: string, level?: Parameters<typeof open.update>[1]) => open.update(words(text), level),
	});
	return {
		add: (event) => reworded(log.add({...event, text: words(event.text)})),
		open: (event) => reworded(log.open({...event, text: words(event.text)})),
	};
}
