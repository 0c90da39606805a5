import {RedisCache} from '../../../source/index.js';

export const cache = new RedisCache({
	ttl: {
		default: '5m',
		grace: '1h',
		refreshAhead: 0.2,
		negative: '10s',
		patterns: [
			{match: 'price:*', ttl: '10s', grace: '1m'},
			{match: /^(country|currency):/, ttl: '1d'},
		],
	},
	loader: {softTimeout: '300ms', hardTimeout: '5s'},
});
