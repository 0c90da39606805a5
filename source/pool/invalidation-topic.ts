import type {SubscriptionOptions} from './subscription.js';
import type {SubscriberHandlers} from './types.js';

/** What makes a subscription one to the keys that others have changed. */
export const invalidationTopic = (
	handlers: SubscriberHandlers,
): Pick<
	SubscriptionOptions,
	'topic' | 'pingMs' | 'trackPrefix' | 'onReady' | 'onRefused' | 'onLost' | 'onMessage'
> => ({
	topic: '__redis__:invalidate',
	// While the connection is dead unnoticed, entries of the memory tier may be out of date.
	pingMs: 500,
	trackPrefix: handlers.trackPrefix,
	onReady: handlers.onReady,
	onRefused: (reason) => handlers.onRefused?.(reason),
	onLost: handlers.onLost,
	onMessage: (message) => handlers.onInvalidate(Array.isArray(message) ? (message as readonly Buffer[]) : undefined),
});
