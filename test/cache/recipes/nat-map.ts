import {RedisCache} from '../../../source/index.js';

export const openCache = () =>
	new RedisCache({
		url: 'redis+cluster://localhost:7000',
		pool: {
			natMap: {
				'172.18.0.2:6379': {host: 'localhost', port: 7000},
				'172.18.0.3:6379': {host: 'localhost', port: 7001},
			},
		},
	});
