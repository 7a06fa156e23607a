import { Config as Alpha } from '@shop/alpha';
import { Config as Beta } from '@shop/beta';

export const units = [Alpha, Beta];
