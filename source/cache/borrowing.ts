import type {Argument, Pool} from '../pool/types.js';
import type {BorrowedConnection, BorrowOptions, SendOptions} from './api/types.js';
import {checkFunction, checkSignal, checkText} from './options/check-arguments.js';
import {boundedMs} from './options/connection-options.js';
import {checkNames, optionNames} from './options/option-names.js';

const borrowNames = optionNames('purpose', 'timeout', 'signal');
const sendNames = optionNames('deadline');
const noArguments: readonly Argument[] = [];
const dayMs = 86_400_000;

/** Lends a connection for the time of some work. What the next borrower must not inherit, the pool does not lend again. */
export async function borrow<T>(
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
