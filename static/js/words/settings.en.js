// The settings of the firewall page, in English; loaded when they are opened.
export default {
  'settings.list': 'Kakao’s ranges to check',
  'settings.choice.announced': 'Announced networks',
  'settings.choice.own': 'Your own list',
  'settings.announced.note': 'Networks that Kakao announces by BGP. They are not Kakao’s official list of scrap addresses; that one comes from Kakao’s API (GET /v1/system/ips) with an app key.',
  'settings.own.note': 'The answer of Kakao’s API (JSON) as it is, or one CIDR a line.',
  'settings.ranges.label': 'Kakao’s IP list',
  'settings.ranges.pick': 'Choose a list file',
  'settings.ports': 'Ports',
  'settings.ports.note': 'Empty: the ports of the list, else 80 and 443.',
  'settings.interface': 'Interface (optional)',
  'settings.interface.note': 'The one that the internet comes in by.',
  'settings.url': 'Page address (optional)',
  'settings.url.note': 'For web server rules that differ by host or path.',
};
