import type {Argument, Pool} from '../pool/types.js';
import type {BorrowedConnection, BorrowOptions, SendOptions} from './api/connection-options.js';
import {checkFunction, checkNames, checkSignal, checkText, optionNames} from './options/checks.js';
import {boundedMs, dayMs} from './options/pool-options.js';

const borrowNames = optionNames('purpose', 'timeout', 'signal');
const sendNames = optionNames('deadline');
const noArguments: readonly Argument[] = [];

/**
 * Borrows a connection while some work runs. The pool closes a connection whose changed state the next borrower would inherit.
 */
export async function withConnection<T>(
	pool: Pool,
	work: (connection: BorrowedConnection) => PromiseLike<T> | T,
	options: BorrowOptions,
): Promise<T> {
	checkFunction(work, 'the work of withConnection');
	checkNames(options, 'withConnection', borrowNames);
	checkText(options.purpose, 'purpose');
	checkSignal(options.signal);
	const {purpose, timeout, signal} = options;
	const checkout = await pool.acquire({
		...(purpose === undefined ? {} : {purpose}),
		...(timeout === undefined ? {} : {timeoutMs: boundedMs(timeout, 'timeout', 1, dayMs)}),
		...(signal === undefined ? {} : {signal}),
	});
	const connection: BorrowedConnection = {
		async send(command, args = noArguments, sendOptions: SendOptions = {}) {
			checkNames(sendOptions, 'send', sendNames);
			const {deadline} = sendOptions;
			return deadline === undefined
				? checkout.send(command, args)
				: checkout.send(command, args, {deadlineMs: boundedMs(deadline, 'deadline', 1, dayMs)});
		},
	};
	try {
		return await work(connection);
	} finally {
		checkout.release();
	}
}
