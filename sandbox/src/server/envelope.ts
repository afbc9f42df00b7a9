import type { VkFailure } from '../vk/errors';
import type { MethodRequest } from './readRequest';

/** VK's error envelope: it echoes every parameter but the token. */
export const renderFailure = (
  { code, message, extra }: VkFailure,
  { method, params }: Pick<MethodRequest, 'method' | 'params'>,
): string => {
  const echoed = [...params].filter(([key]) => key !== 'access_token');
  return JSON.stringify({
    error: {
      error_code: code,
      error_msg: message,
      ...extra,
      request_params: [
        { key: 'oauth', value: '1' },
        { key: 'method', value: method },
        ...echoed.map(([key, value]) => ({ key, value })),
      ],
    },
  });
};
