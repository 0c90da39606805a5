/** Commands that are answered with confirmations, one for each channel, instead of one reply. */
export const subscriptionCommands: ReadonlySet<string> = new Set([
	'SUBSCRIBE',
	'PSUBSCRIBE',
	'SSUBSCRIBE',
	'UNSUBSCRIBE',
	'PUNSUBSCRIBE',
	'SUNSUBSCRIBE',
]);

/** First words of confirmations. */
export const confirmationWords: ReadonlySet<string> = new Set(
	[...subscriptionCommands].map((command) => command.toLowerCase()),
);

/** First words of everything a RESP2 subscriber receives. */
export const subscriberWords: ReadonlySet<string> = new Set(['message', 'pmessage', 'smessage', ...confirmationWords]);

/** Numbers of subscriptions of a connection. */
type Subscriptions = {readonly channels: number; readonly patterns: number; readonly shards: number};

export const noSubscriptions: Subscriptions = {channels: 0, patterns: 0, shards: 0};

/** The kind of subscription that a confirmation is about. */
export function kindOf(confirmation: string): keyof Subscriptions {
	if (confirmation.startsWith('p')) return 'patterns';
	return confirmation.startsWith('ss') || confirmation.startsWith('sun') ? 'shards' : 'channels';
}

/**
 * The subscriptions after a confirmation.
 *
 * @param total The number in the confirmation: channels and patterns together, or shard channels.
 */
export function countsAfter(before: Subscriptions, confirmation: string, total: number): Subscriptions {
	switch (kindOf(confirmation)) {
		case 'channels':
			return {...before, channels: total - before.patterns};
		case 'patterns':
			return {...before, patterns: total - before.channels};
		case 'shards':
			return {...before, shards: total};
	}
}
