import {closedEarly} from '../../pool/connection/describe-failure.js';
import {redactUrl} from '../../pool/redis-url.js';
import type {FaultProxy, ProxyTarget} from '../../proxy/fault-proxy.js';
import type {EventsWriter, SessionLog} from '../log/events-log.js';

/** Replaces the proxy's address in a text by that of the server behind it. */
export type AddressMask = (text: string) => string;

type AddressMaskOptions = {
	readonly proxy: FaultProxy;
	/** The address that the proxy connects to. */
	readonly target: ProxyTarget;
	/** URL of the proxy, as connections have it. */
	readonly proxyUrl: string;
	/** URL of the server without credentials, as people see it. */
	readonly shownUrl: string;
};

/**
 * Through the proxy, a server that refuses connections looks like one that closes them at once, so the reasons for the
 * latter alone would mislead.
 */
export const withoutGuesses: AddressMask = (text) =>
	text.replaceAll(closedEarly, 'the server refuses connections, or closes them at once');

/**
 * Makes a mask for errors, reasons and events of connections. These name the address of the proxy, an internal port that
 * users do not know; the mask shows the address that they gave instead.
 */
export function maskProxyAddress({proxy, target, proxyUrl, shownUrl}: AddressMaskOptions): AddressMask {
	const address = `${proxy.host}:${proxy.port}`;
	const url = redactUrl(proxyUrl);
	const shownAddress = 'path' in target ? target.path : `${target.host}:${target.port}`;
	return (text) =>
		text.includes(address) ? withoutGuesses(text.replaceAll(url, shownUrl).replaceAll(address, shownAddress)) : text;
}

/** A log whose events all pass a mask. */
export function maskedLog(log: SessionLog, mask: AddressMask): SessionLog {
	const masked = (open: ReturnType<EventsWriter['open']>) => ({
		update: (text: string, level?: Parameters<typeof open.update>[1]) => open.update(mask(text), level),
	});
	return {
		add: (event) => masked(log.add({...event, text: mask(event.text)})),
		open: (event) => masked(log.open({...event, text: mask(event.text)})),
		all: () => log.all(),
	};
}
