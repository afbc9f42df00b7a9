import type { ServiceDto } from '@stenograf/contracts/api';
import type { Controller } from './route';

export const createServiceController =
  ({ service }: { service: ServiceDto }): Controller =>
  (_request, response) => {
    response.json(service);
  };
