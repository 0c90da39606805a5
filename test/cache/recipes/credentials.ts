import {RedisCache} from '../../../source/index.js';
import {fetchToken} from './database.js';

export const openCache = () =>
	new RedisCache({
		pool: {
			credentials: async () => {
				const {token, expiresOnTimestamp} = await fetchToken(); // Entra: credential.getToken(scope); IAM: a signed request
				return {username: 'shop', password: token, expiresAt: expiresOnTimestamp};
			},
		},
	});
