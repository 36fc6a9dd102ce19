// The settings of the firewall page, in English; loaded when they are opened.
export default {
  'settings.list': 'Kakao’s ranges to check',
  'settings.choice.announced': 'What this server has',
  'settings.choice.own': 'Your own list',
  'settings.announced.note': 'The official list if this server has it from Kakao’s API, otherwise the networks that Kakao announces in BGP. Those are not Kakao’s official list of its scrapers.',
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
