import {RedisCache} from '../../../source/index.js';

/** A folder that all pods mount. */
export const openCache = () => new RedisCache({journal: {directory: `${process.env.STATE_DIRECTORY}/journals`}});
