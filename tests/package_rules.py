#!/usr/bin/env python3
"""The rules that the shipped package has to keep: package_rules.py MAPPINGS-FOLDER DATA-FOLDER

Reads the package as a stranger would, not as generate-package.py writes it. Prints each violation;
the last line counts rules, for the suite's totals.
"""
import csv
import json
import os
import re
import sys

FINDING = 'urn:cordwatch:CodeSystem:finding'
SCT, LOINC = 'http://snomed.info/sct', 'http://loinc.org'
PROPERTY = 'urn:cordwatch:property:'
VALUES = {
    'role': 'finding|question|context|weak|qualifier|site|side',
    'grade': '[1-9]',
    'side': 'left|right|bilateral|unilateral',
    'site': 'spine|thoracic|limb|hand|foot|perineum',
    'needs-site': r'(spine|limb|hand|foot|perineum|none)(\|(spine|limb|hand|foot|perineum|none))*',
    'present': r'[<>]=?[0-9]+(\.[0-9]+)?( [^ ;]+)?(;[<>]=?[0-9]+(\.[0-9]+)? [^ ;]+)*',
}
SHAPES = {
    'http://hl7.org/fhir/sid/icd-10-cm': r'[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?',
    'http://hl7.org/fhir/sid/icd-10': r'[A-Z][0-9][0-9](\.[0-9])?',
    'http://hl7.org/fhir/sid/icd-9-cm': r'[0-9]{3}(\.[0-9]{1,2})?',
    'http://hl7.org/fhir/sid/icpc-2': r'[A-Z][0-9]{2}',
    'http://human-phenotype-ontology.org': r'HP:[0-9]{7}',
    'http://www.nlm.nih.gov/research/umls/rxnorm': r'[1-9][0-9]*',
    'http://read.info/ctv3': r'[0-9A-Za-z.]{5}',
    'http://read.info/readv2': r'[0-9A-Za-z.]{7}',
}


# ---- check digits ----

def verhoeff(digits):
    def times(a, b):
        turned = (a + b) % 5 if a < 5 else (a - b) % 5
        return turned + (5 if (a < 5) != (b < 5) else 0)
    once, check = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4), 0
    for place, digit in enumerate(reversed(digits)):
        digit = int(digit)
        for _ in range(place % 8):
            digit = once[digit]
        check = times(check, digit)
    return check == 0


def snomed_fault(code):
    if not re.fullmatch('[1-9][0-9]{5,17}', code):
        return 'not an identifier of SNOMED CT'
    if code[-3:-1] not in ('00', '10'):
        return 'an identifier of SNOMED CT, but not of a concept'
    return None if verhoeff(code) else 'wrong check digit'


def loinc_fault(code):
    if re.fullmatch('LA[0-9]+-[0-9]', code):
        return None  # answers are numbered in another way
    if not re.fullmatch('[0-9]{3,6}-[0-9]', code):
        return 'not a LOINC code'
    total = 0
    for place, digit in enumerate(reversed(code[:-2])):
        doubled = int(digit) * (1 if place % 2 else 2)
        total += doubled // 10 + doubled % 10
    return None if (10 - total % 10) % 10 == int(code[-1]) else 'wrong check digit'


def code_fault(system, code):
    if system == SCT:
        return snomed_fault(code)
    if system == LOINC:
        return loinc_fault(code)
    if system in SHAPES and not re.fullmatch(SHAPES[system], code):
        return 'not of the shape of its system'
    return None


# ---- the package, read ----

class Package:
    def __init__(self, mappings):
        self.folder = os.path.join(mappings, 'package')
        self.files = {}
        for name in sorted(os.listdir(self.folder)):
            if name.endswith('.json'):
                with open(os.path.join(self.folder, name), encoding='utf-8') as file:
                    self.files[name] = json.load(file)
        self.about = self.files.pop('package.json', {})
        with open(os.path.join(mappings, 'codes.csv'), encoding='utf-8', newline='') as file:
            self.table = list(csv.DictReader(file))
        self.sets = {r['url']: r for r in self.of('ValueSet')}
        self.concepts = {c['code']: c for r in self.of('CodeSystem') if r.get('url') == FINDING for c in r['concept']}

    def of(self, kind):
        return [r for r in self.files.values() if r.get('resourceType') == kind]

    def canonicals(self):
        return {form for r in self.files.values() for form in (r.get('url'), '%s|%s' % (r.get('url'), r.get('version')))}

    def elements(self):
        """(map, system, element) of every map onto findings."""
        for name, r in self.files.items():
            for group in r.get('group', ()) if r['resourceType'] == 'ConceptMap' else ():
                if group.get('target') == FINDING:
                    for element in group['element']:
                        yield name, group['source'], element

    def prefixes(self, element):
        """The regular expressions of an element that has a value set in place of a code."""
        for extension in element.get('extension', ()):
            url = extension.get('valueCanonical', '').split('|')[0]
            for include in self.sets.get(url, {}).get('compose', {}).get('include', ()):
                for rule in include.get('filter', ()):
                    yield include['system'], rule['value']

    def find(self, system, code):
        """{finding: properties} of a code; exact codes over longer over shorter prefixes."""
        found = []
        for _, source, element in self.elements():
            if source == system and element.get('code') == code:
                found.append((1000, element))
            for of, rule in self.prefixes(element):
                if of == system and re.fullmatch(rule, code):
                    found.append((len(rule), element))
        out = {}
        for _, element in sorted(found, key=lambda f: f[0]):
            for target in element['target']:
                out[target['code']] = {p['property'][len(PROPERTY):]: p['value'] for p in target['product']}
        return out


def codings(node):
    """Every (system, code) in a resource, however deep; concept lists take the system above them."""
    if isinstance(node, list):
        for item in node:
            yield from codings(item)
    elif isinstance(node, dict):
        system = node.get('system')
        if isinstance(system, str):
            if isinstance(node.get('code'), str):
                yield system, node['code']
            for concept in node.get('concept', ()):
                yield system, concept['code']
        for value in node.values():
            yield from codings(value)


# ---- the rules: each yields violations ----

def artefacts_are_told(p):
    for name, r in p.files.items():
        for field in ('resourceType', 'id', 'url', 'version', 'status', 'title', 'description', 'name', 'date'):
            if not r.get(field):
                yield '%s: no %s' % (name, field)
        if name != '%s-%s.json' % (r.get('resourceType'), r.get('id')):
            yield '%s: the file is not named by type and id' % name
        if r.get('url') != 'urn:cordwatch:%s:%s' % (r.get('resourceType'), r.get('id')):
            yield '%s: the url is not made of type and id' % name
        if r.get('version') != p.about.get('version'):
            yield '%s: not of the version of the package' % name
        if r.get('name') and not re.fullmatch('[A-Z][A-Za-z0-9_]{0,254}', r['name']):
            yield '%s: the name is no identifier' % name
    urls = [r.get('url') for r in p.files.values()]
    for url in sorted({u for u in urls if urls.count(u) > 1}):
        yield '%s: there twice' % url


def the_package_is_told(p):
    for field, value in (('name', 'cordwatch.mscc'), ('canonical', 'urn:cordwatch'), ('fhirVersions', ['4.0.1'])):
        if p.about.get(field) != value:
            yield 'package.json: %s is not %s' % (field, value)
    if not os.path.getsize(os.path.join(p.folder, 'NOTICE')):
        yield 'NOTICE: empty'


def codes_are_well_formed(p):
    for name, r in p.files.items():
        for system, code in codings(r):
            fault = code_fault(system, code)
            if fault:
                yield '%s: %s %s: %s' % (name, system, code, fault)
    for name, system, element in p.elements():
        fault = code_fault(system, element['code']) if 'code' in element else None
        if fault:
            yield '%s: %s: %s' % (name, element['code'], fault)


def maps_are_sound(p):
    seen = set()
    for name, system, element in p.elements():
        rules = [rule for _, rule in p.prefixes(element)]
        key = (system, element.get('code') or (element['target'][0]['code'], *rules))
        where = '%s: %s' % (name, key[1])
        if key in seen:
            yield where + ': there twice'
        seen.add(key)
        if 'code' not in element and not rules:
            yield where + ': neither a code nor prefixes'
        for target in element['target']:
            if target.get('code') not in p.concepts:
                yield '%s: no finding %s' % (where, target.get('code'))
            if not target.get('comment') or 'UNVERIFIED' in target['comment']:
                yield where + ': no source'
            if target.get('equivalence') not in ('equivalent', 'equal', 'wider', 'relatedto'):
                yield where + ': the code would mean more than the finding'
            roles = [x for x in target['product'] if x['property'] == PROPERTY + 'role']
            if len(roles) != 1:
                yield where + ': not one role'
            elif roles[0]['value'] == 'question' and any(x['property'] == PROPERTY + 'site' for x in target['product']):
                yield where + ': a question names a site'
            for product in target['product']:
                kind = product['property'].replace(PROPERTY, '')
                if not re.fullmatch(VALUES.get(kind, '(?!)'), product['value']):
                    yield '%s: %s %s' % (where, product['property'], product['value'])


def prefixes_are_exact(p):
    for name, system, element in p.elements():
        for of, rule in p.prefixes(element):
            plain = rule[:-2].replace('\\.?', '.')
            if of != system or not rule.endswith('.*') or not re.fullmatch(r'[A-Z0-9]+(\.[A-Z0-9]+)?', plain):
                yield '%s: %s is no prefix' % (name, rule)
            elif not all(re.fullmatch(rule, c) for c in (plain, plain + '9', plain.replace('.', '') + '9')):
                yield '%s: %s does not match what begins so' % (name, rule)


def the_table_is_sourced(p):
    columns = ['finding', 'system', 'code', 'display', 'verified_from', 'role', 'grade', 'side', 'site', 'needsSite', 'present', 'note']
    for n, row in enumerate(p.table, 2):
        if list(row) != columns or None in row.values():
            yield 'codes.csv:%d: other columns' % n
        elif not row['verified_from'].strip():
            yield 'codes.csv:%d: no source' % n
        elif not row['code'] and not row['verified_from'].startswith('UNVERIFIED'):
            yield 'codes.csv:%d: no code, and not said to be a gap' % n


def only_verified_rows_are_loaded(p):
    """The maps are exactly the verified rows of the table."""
    wanted, loaded = set(), set()
    for row in p.table:
        if row['role'] not in ('order', 'answer') and 'UNVERIFIED' not in row['verified_from']:
            code = row['code'][:-1].replace('.', '\\.?') + '.*' if row['code'].endswith('*') else row['code']
            wanted.add((row['system'], code, row['finding'], row['role'], row['verified_from']))
    for _, system, element in p.elements():
        for code in [element['code']] if 'code' in element else [rule for _, rule in p.prefixes(element)]:
            for target in element['target']:
                role = [x['value'] for x in target['product'] if x['property'] == PROPERTY + 'role']
                loaded.add((system, code, target['code'], role[0] if role else None, target['comment']))
    for row in sorted(wanted - loaded, key=str):
        yield 'not loaded: %s' % (row,)
    for row in sorted(loaded - wanted, key=str):
        yield 'loaded, but not a verified row: %s' % (row,)


# Findings that no shipped code has: derived from scores, or mapped by each site.
WITHOUT_CODE = {'unremitting-pain', 'progressive-pain', 'sensory-level', 'mri-absolute-contraindication'}


def findings_have_codes(p):
    used = {target['code'] for _, _, element in p.elements() for target in element['target']}
    for code in sorted(set(p.concepts) - used - WITHOUT_CODE):
        yield 'finding %s: no code leads to it' % code
    for code in sorted(used & WITHOUT_CODE):
        yield 'finding %s: has a code, though none is to be shipped' % code


def concepts_are_told(p):
    groups = {}
    for code, concept in p.concepts.items():
        group = [x.get('valueCode') for x in concept.get('property', ()) if x['code'] == 'group']
        if not concept.get('display') or not concept.get('definition') or len(group) != 1:
            yield 'finding %s: no display, definition or group' % code
        elif group[0] != code:
            groups.setdefault(group[0], set()).add(code)
    for group, members in groups.items():
        include = p.sets.get('urn:cordwatch:ValueSet:' + group, {}).get('compose', {}).get('include', [{}])
        if {c['code'] for c in include[0].get('concept', ())} != members:
            yield 'group %s: its value set has other members' % group


def references_lead_somewhere(p):
    known = p.canonicals()
    for name, r in p.files.items():
        text = json.dumps(r)
        for url in set(re.findall(r'"(urn:cordwatch:(?:ValueSet|ConceptMap|CodeSystem|ActivityDefinition|PlanDefinition|Library):[^"]+)"', text)):
            if url not in known:
                yield '%s: %s is not in the package' % (name, url)
        for system, code in codings(r):
            if system == FINDING and code not in p.concepts:
                yield '%s: no finding %s' % (name, code)
        for code in set(re.findall(r"\bcode = '([a-z-]+)'", text)):
            if code not in p.concepts:
                yield '%s: an expression asks for %s, which is no finding' % (name, code)
    listed = {x['resource'] for r in p.of('Library') for x in r.get('relatedArtifact', ())}
    for name, r in p.files.items():
        if r['resourceType'] != 'Library' and '%s|%s' % (r.get('url'), r.get('version')) not in listed:
            yield '%s: the Library does not list it' % name


def data(path):
    with open(path, encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file))


def codes_of_the_cases_map(p, folder):
    for row in data(os.path.join(folder, 'mapped.csv')):
        found = p.find(row['system'], row['code'])
        where = '%s %s (%s)' % (row['system'], row['code'], row['cases'])
        if set(found) != set(row['findings'].split()):
            yield '%s: means %s, not %s' % (where, ' '.join(sorted(found)) or 'nothing', row['findings'])
            continue
        for kind in ('role', 'grade', 'side', 'site'):
            if row[kind] not in {properties.get(kind, '') for properties in found.values()}:
                yield '%s: the %s is not %r' % (where, kind, row[kind])


def other_codes_do_not(p, folder):
    for row in data(os.path.join(folder, 'never.csv')):
        found = p.find(row['system'], row['code'])
        wrong = set(found) & set(row['findings'].split()) if row['findings'] else set(found)
        if wrong:
            yield '%s %s: means %s, but: %s' % (row['system'], row['code'], ' '.join(sorted(wrong)), row['why'])


RULES = (artefacts_are_told, the_package_is_told, codes_are_well_formed, maps_are_sound, prefixes_are_exact,
         the_table_is_sourced, only_verified_rows_are_loaded, findings_have_codes, concepts_are_told, references_lead_somewhere)
DATA_RULES = (codes_of_the_cases_map, other_codes_do_not)


def main(mappings, folder):
    p = Package(mappings)
    bad = 0
    for rule in RULES + DATA_RULES:
        found = list(rule(p, folder) if rule in DATA_RULES else rule(p))
        bad += bool(found)
        for violation in found[:20]:
            print('%s: %s' % (rule.__name__.replace('_', ' '), violation))
    print('%d passed, %d failed' % (len(RULES + DATA_RULES) - bad, bad))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1], sys.argv[2]))
