import json, os, re, subprocess, unittest, urllib.parse, urllib.request

class Wall(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sandbox = subprocess.Popen(['bun', 'sandbox/src/main.ts', '--port', '0', '--world', 'tiny'],
                                       cwd=os.environ['STENOGRAF'], stdout=subprocess.PIPE, text=True)
        cls.url = re.search(r'VK_API_URL=(\S+)', cls.sandbox.stdout.readline())[1]

    @classmethod
    def tearDownClass(cls):
        cls.sandbox.terminate()
        cls.sandbox.communicate()

    def test_reads_a_wall(self):
        body = urllib.parse.urlencode({'owner_id': -1, 'count': 100, 'v': '5.199',
                                       'access_token': 'sandbox-user-token'}).encode()
        with urllib.request.urlopen(f'{self.url}/wall.get', body) as answer:
            wall = json.load(answer)['response']
        with urllib.request.urlopen(urllib.parse.urljoin(self.url, '/sandbox/truth?communities=1')) as answer:
            truth = json.load(answer)
        self.assertEqual(len(wall['items']), len(truth['posts']))
