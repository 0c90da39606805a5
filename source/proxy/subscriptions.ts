/** The commands that are answered with confirmations instead of a reply. */
export const subscriptionCommands = new Set([
	'SUBSCRIBE',
	'PSUBSCRIBE',
	'SSUBSCRIBE',
	'UNSUBSCRIBE',
	'PUNSUBSCRIBE',
	'SUNSUBSCRIBE',
]);

/** First words of confirmations. */
export const confirmations = new Set([...subscriptionCommands].map((name) => name.toLowerCase()));

/** First words of all that a subscriber is sent without having asked just then. */
export const subscriberWords = new Set(['message', 'pmessage', 'smessage', ...confirmations]);

/** What a connection is subscribed to. */
export type Subscriptions = {readonly channels: number; readonly patterns: number; readonly shards: number};

export const noSubscriptions: Subscriptions = {channels: 0, patterns: 0, shards: 0};

/** Which count a confirmation is about. */
export function kindOf(confirmation: string): keyof Subscriptions {
	if (confirmation.startsWith('p')) return 'patterns';
	return confirmation.startsWith('ss') || confirmation.startsWith('sun') ? 'shards' : 'channels';
}

/** A confirmation tells how many channels and patterns are left together, or how many shard channels. */
export function countedWith(before: Subscriptions, confirmation: string, total: number): Subscriptions {
	switch (kindOf(confirmation)) {
		case 'channels':
			return {...before, channels: total - before.patterns};
		case 'patterns':
			return {...before, patterns: total - before.channels};
		case 'shards':
			return {...before, shards: total};
	}
}
