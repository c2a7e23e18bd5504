# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
set -e
rm -rf repository
git init -q repository
cd repository
cp ../test_store.py ../names.txt .
git add .
git -c user.name=a -c user.email=a@localhost commit -qm tests
git --no-pager log --oneline | wc -l
python3 -m pytest -q -p no:cacheprovider test_store.py | tail -n 1 | cut -d' ' -f1,2
sort names.txt | head -n 1
